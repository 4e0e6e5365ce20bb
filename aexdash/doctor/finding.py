"""What the doctor says: a finding a line, and every condition that may be wrong, with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

from aexdash.replica import litestream


class Condition(NamedTuple):
    """Something that may be wrong: what is so then, and what to do about it, by a command or at a place."""

    is_so: str
    remedy: str


CONDITIONS: Final[dict[str, Condition]] = {
    "home-not-writable": Condition(
        "The home cannot be written, so nothing can be kept.", "Correct its owner or permissions, or name another."
    ),
    "disk-nearly-full": Condition("Less than 500 MB are free.", "Free some space: a full disk stops the sync."),
    "home-open-to-others": Condition(
        "Others than the owner (or the group that shares the home) may read or change something in it.",
        "chmod go= HOME closes it; chmod o= HOME where its group shares it.",
    ),
    "pictures-large": Condition(
        "The thumbnails take more than 5 GB.",
        "Delete files of the folder pictures: those of what is held are fetched again.",
    ),
    "python-too-old": Condition("Python is older than 3.11.", "make setup with a newer Python."),
    "sqlite-too-old": Condition(
        "SQLite is older than 3.37, which has no strict tables.", "make setup with a Python that has a newer SQLite."
    ),
    "snapshot-damaged": Condition(
        "The snapshot cannot be read to its last page.",
        "aexdash repair recovers what can be read, aexdash restore --snapshot puts a backup back, and "
        "aexdash doctor --move-aside begins anew.",
    ),
    "snapshot-newer": Condition("A newer aexdash wrote the snapshot.", "Install that version."),
    "snapshot-older": Condition("An older aexdash wrote the snapshot.", "aexdash upgrade."),
    "snapshot-unusable": Condition("The snapshot is locked, or not to be opened.", "What the line says."),
    "wal-huge": Condition(
        "The -wal file of a database is larger than 256 MB and than the database itself.",
        "Start aexdash serve again: something has read the file without a pause and keeps it from being emptied.",
    ),
    "kept-counts-differ": Condition(
        "What is kept beside the status periods is not what it is counted to be.", "aexdash repair."
    ),
    "moments-ahead": Condition(
        "Something is stamped ahead of this machine's clock.",
        "Set the clock; if it is right, aexdash repair --future-moments.",
    ),
    "desk-damaged": Condition(
        "The desk cannot be read to its last page.",
        "aexdash repair recovers what can be read; aexdash restore puts the newest backup back.",
    ),
    "desk-newer": Condition("A newer aexdash wrote the desk.", "Install that version."),
    "desk-older": Condition("An older aexdash wrote the desk.", "aexdash upgrade."),
    "desk-unusable": Condition("The desk is locked, or not to be opened.", "What the line says."),
    "desk-gone": Condition("There was a desk, and it is gone or empty.", "aexdash restore."),
    "desk-other": Condition(
        "The desk is another one than before, or an older copy of it.",
        "aexdash restore puts the newest backup back; aexdash restore FILE says that FILE is the right one.",
    ),
    "desk-rows-damaged": Condition(
        "Rows of the desk cannot be read, and are left out everywhere.",
        "aexdash repair takes them out and keeps what was in them.",
    ),
    "backup-old": Condition(
        "The newest backup of the desk is older than two days, or there is none.",
        "aexdash backup makes one; a worker makes one each day.",
    ),
    "backup-damaged": Condition(
        "The newest backup of the desk cannot be read.", "aexdash backup makes another; look at the disk."
    ),
    "configuration-unusable": Condition(
        "A file of the settings, or of the reasons, cannot be used.", "Mend that line."
    ),
    "no-store": Condition("The settings name no store.", "Add a [store.main], or look around with aexdash demo."),
    "secrets-open": Condition("secrets.toml can be read by others.", "chmod 600 secrets.toml."),
    "store-never-read": Condition(
        "No complete reading of a store has ended yet.",
        "aexdash sync reads it at once, aexdash serve keeps reading it.",
    ),
    "store-stale": Condition(
        "The last complete reading of a store is older than its tolerance.",
        "Is aexdash serve running? aexdash sync reads it at once.",
    ),
    "store-partly-read": Condition("The last reading of a store is not complete.", "The page Health shows what lacks."),
    "store-reading-failed": Condition("The last reading of a store failed.", "What the line says."),
    "worker-silent": Condition(
        "A worker has not been heard of for more than a minute, and did not end as it should.",
        "Start aexdash serve again.",
    ),
    "loop-failing": Condition(
        "A part of the worker cannot run for more than five minutes.", "What the line says; it tries again by itself."
    ),
    "two-workers": Condition(
        "Two workers keep one home, as on a disk of the network whose locks do nothing.",
        "End one of them, and keep the home on a local disk.",
    ),
    "port-in-use": Condition(
        "Another program listens on the port of the pages, and nothing runs of this home, which a worker kept lately.",
        "End it, or name another port with aexdash serve --port.",
    ),
    "open-to-the-network": Condition(
        "The environment has the pages listen beyond this machine, and nobody has to sign in: they will not start so.",
        "Set up [login] in aexdash.toml, or take STREAMLIT_SERVER_ADDRESS away.",
    ),
    "litestream-missing": Condition(
        "There is a replica in the settings, and no Litestream on this machine, or none that runs.",
        f"{litestream.INSTALL}, or put litestream on the PATH.",
    ),
    "replica-missing": Condition(
        "The replica has no snapshot, or cannot be asked.",
        "Is aexdash serve running on the machine with the worker? Its page Health names what is in the way.",
    ),
    "replica-gap": Condition(
        "The replica lost a change: nothing behind it can be restored, or Litestream cannot join later ones.",
        "Is aexdash serve running on the machine with the worker? It sends the change again within a minute, or has a "
        "whole snapshot made.",
    ),
    "replica-behind": Condition(
        "The copy of the snapshot is more than 30 seconds behind that of the worker, or its age cannot be told.",
        "Is aexdash follow running here, and aexdash serve there? Do the clocks of both machines agree?",
    ),
    "follow-not-running": Condition(
        "This home follows another machine, and nothing keeps its copies up to date.",
        "aexdash follow, or aexdash serve, which does the same beside the pages.",
    ),
    "heartbeat-silent": Condition(
        "The outside address that watches this installation is not asked, for not everything is ready.",
        "Mend what the line names; while aexdash serve runs it is then asked within a minute.",
    ),
    "channels-unknown": Condition("How channels are cannot be read, for the desk cannot.", "See desk."),
    "channel-unusable": Condition("A channel lacks a setting, or its address cannot be used.", "Settings › Channels."),
    "channel-failing": Condition(
        "Nothing has gone through a channel for a quarter of an hour.", "aexdash alerts test CHANNEL."
    ),
    "messages-waiting": Condition(
        "A message has been due for more than an hour and is not sent.",
        "Is aexdash serve running? aexdash alerts test CHANNEL says what the other side answers.",
    ),
    "feed-folder-unreadable": Condition(
        "The folder for feed files of a store cannot be listed.", "Correct its owner or permissions."
    ),
    "sftp-refused": Condition("The server of a feed does not let the worker in, or is another one.", "What it says."),
    "shop-unusable": Condition("The settings of a shop cannot be used.", "Settings › Shops."),
    "shop-refuses": Condition("A shop does not answer, or its token is refused.", "What the line says."),
    "shop-differs": Condition(
        "A shop's currency is another one, or its token may read too little, or may write.", "What the line says."
    ),
    "shop-stale": Condition(
        "The last complete reading of a shop is older than its tolerance, or none of its readings was complete.",
        "Is aexdash serve running? aexdash shops read reads it at once and says what is in the way.",
    ),
    "store-unusable": Condition(
        "A store lacks an app key, an app secret or a usable token file.", "Settings › Stores."
    ),
    "ban": Condition(
        "AliExpress lets the app make no calls until a moment.", "Wait; aexdash lift-ban STORE if untrue."
    ),
    "permission-missing": Condition(
        "The app may not call what every sync needs.", "Ask for that permission in the AliExpress app console."
    ),
    "platform-refuses": Condition("AliExpress answers a sync's first call with a refusal.", "What the line says."),
    "list-without-total": Condition("AliExpress' list names no total, so no count can be confirmed.", "Nothing here."),
    "not-signed-in": Condition("Nobody has signed in to a store yet.", "aexdash authorize STORE."),
    "token-ends-soon": Condition(
        "The sign-in to a store can be renewed for less than a day, and nobody has renewed it.",
        "Is aexdash serve running? It renews it by itself; aexdash authorize STORE signs in again.",
    ),
    "token-ended": Condition("The sign-in to a store has ended.", "aexdash authorize STORE."),
    "token-unreadable": Condition("The token of a store cannot be read.", "What the line says."),
    "clock-off": Condition("This machine's clock is off AliExpress'.", "Set this machine's clock, best by NTP."),
}
"""Every condition by its name, which `aexdash doctor --json` gives."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `advice` says what to do when it is not well, and `condition` then is its name."""

    name: str
    well: bool
    text: str
    advice: str = ""
    condition: str = ""

    def __str__(self) -> str:
        line = f"{'ok     ' if self.well else 'problem'}  {self.name}: {self.text}"
        return f"{line} {self.advice}" if self.advice else line


def problem(condition: str, name: str, text: str) -> Finding:
    """Return the finding that a condition is so, with its remedy."""
    return Finding(name, False, text, CONDITIONS[condition].remedy, condition)
