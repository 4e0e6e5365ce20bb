"""What the pages share: the guard, the top bar, tiles, charts, filters, the table of the worklist, words on screen."""
