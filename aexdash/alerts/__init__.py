"""Alerts: rules that say when somebody should be told of a store, and the episodes that come of them.

A condition (`conditions/`) makes a reading of a store's facts; `machine.step` makes events of readings; `engine` asks
all rules after each sync run; `store` writes the events, and `outbox` lays them out for the channels that `routing`
picks. `backtest` runs the same code over the past. `rule_store` and `episodes` are for pages and commands. Sentences
about rules and events are here too (`sentences`, `event_words`).

It may know the settings, the desk, words, cards, reasons and the snapshot; not who delivers messages, and not the
sync. Begin reading at `model`, then `conditions/base` and `machine`.
"""
