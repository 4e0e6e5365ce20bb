"""A feed's validation: its settings, the files people and servers bring, and the watch that reads them."""
