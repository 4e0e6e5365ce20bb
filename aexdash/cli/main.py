"""The commands. Exit codes: 0 complete, 1 partial or failed (the snapshot still whole), 2 bad use or configuration."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from aexdash import __version__
from aexdash.aliexpress.errors import PlatformError
from aexdash.cli import work
from aexdash.cli.actions import (
    ask_for_code,
    change_account,
    freshness_of,
    how_current,
    lift_ban,
    log_wanted,
    may_begin_in,
    put_aside,
    settings_of,
    snapshot_of,
    stores_to_sync,
    sync_one,
    watch,
)
from aexdash.cli.actions import follow as keep_following
from aexdash.cli.alerts import alerts
from aexdash.cli.bring_back import apply
from aexdash.cli.causes import causes
from aexdash.cli.digest import digest
from aexdash.cli.errors import BadUse, Failed
from aexdash.cli.exporting import export, fixsheet
from aexdash.cli.files.commands import backup, repair, restore, upgrade
from aexdash.cli.options import MOST_NUMBER, home_option, json_option, port_option, verbose_option
from aexdash.cli.printing import (
    as_json,
    plain,
    progress_bar,
    row_facts,
    row_line,
    run_facts,
    run_line,
    worst,
)
from aexdash.cli.questions.ask import ask
from aexdash.cli.questions.evidence import evidence
from aexdash.cli.questions.gone import expiring, gone
from aexdash.cli.questions.on_sale import changed_again, unsold
from aexdash.cli.questions.reconcile import reconcile
from aexdash.cli.questions.sessions import sessions
from aexdash.cli.questions.shops import shops
from aexdash.cli.view_options import place_options, view_options
from aexdash.clock import system_clock
from aexdash.config.settings import ConfigError
from aexdash.exports.table import ExportError, NoSuchExport
from aexdash.model import Outcome
from aexdash.reasons.taxonomy import TaxonomyError
from aexdash.snapshot.recording.record import TwoStoresOneSeller
from aexdash.sources.errors import SourceError
from aexdash.statement import Claim
from aexdash.storage.errors import StorageError
from aexdash.sync import lease
from aexdash.view import View
from aexdash.words import statements

if TYPE_CHECKING:
    from aexdash.sync.schedule import RunKind


class CommandGroup(click.Group):
    """The group of commands; it turns named errors into one sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except (ConfigError, TaxonomyError, TwoStoresOneSeller, SourceError, NoSuchExport) as error:
            raise BadUse(str(error)) from error
        except PlatformError as error:
            raise Failed(f"{error} {error.advice}".strip()) from error
        except (StorageError, lease.LeaseError, ExportError) as error:
            raise Failed(str(error)) from error


@click.group(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Show how many listings of an AliExpress store are held, why, and what to fix first."""


main.add_command(alerts)
for one in (*work.COMMANDS, apply, digest, causes, ask, reconcile, evidence, gone, expiring, unsold, changed_again):
    main.add_command(one)


@main.command()
@home_option
@port_option
@click.option("--address", default="127.0.0.1", show_default=True, help="Where the pages listen, as in a container.")
@click.option("--app-only", is_flag=True, help="Serve the pages alone, beside a worker that runs already.")
@verbose_option
def serve(home: Path, port: int, *, address: str, app_only: bool, verbose: bool) -> None:
    """Keep the snapshot current and serve the pages.

    In a home that follows another machine, its copies are kept up to date in place of a worker.
    """
    from aexdash.cli.serve import AppMissing, PortInUse, leave, pages_on, run_app  # noqa: PLC0415 - the others start no app

    may_begin_in(home)
    with pages_on(port):
        settings = settings_of(home)
        try:
            log = log_wanted(verbose=verbose)
            leave(run_app(settings, port, log, with_worker=not app_only, address=address))
        except KeyboardInterrupt:
            leave(0)  # asked to end while it began or ended
        except (PortInUse, AppMissing) as error:
            raise Failed(str(error)) from error


@main.command()
@home_option
@verbose_option
def follow(home: Path, *, verbose: bool) -> None:
    """Keep copies of another machine's snapshot and desk up to date, for pages that show them here.

    Where they are and whose they are stands under [replica]; it goes on until interrupted.
    """
    from aexdash.cli.serve import leave  # noqa: PLC0415 - the other commands need none of it

    keep_following(settings_of(home), log_wanted(verbose=verbose))
    leave(0)


@main.command()
@home_option
def mcp(home: Path) -> None:
    """Answer an assistant over standard input and output: five tools that read and never write."""
    from aexdash.assistants.server import run_stdio  # noqa: PLC0415 - takes a second

    settings_of(home)
    run_stdio(home)


@main.command()
@home_option
@click.option("--pulse", "mode", flag_value="pulse", help="Read what is held only.")
@click.option("--sweep", "mode", flag_value="sweep", default="sweep", help="Read every status (the default).")
@click.option("--watch", "mode", flag_value="watch", help="Keep reading until interrupted.")
@click.option("--store", "key", metavar="KEY", help="One store of several.")
@verbose_option
@json_option
def sync(home: Path, mode: str, key: str | None, *, verbose: bool, json_wanted: bool) -> None:
    """Read the store and record what has changed."""
    settings = settings_of(home)
    stores = stores_to_sync(settings, key)
    if mode == "watch":
        from aexdash.cli.serve import leave  # noqa: PLC0415 - the other ways need none of it

        if json_wanted or key:
            raise click.UsageError("--watch takes neither --json nor --store.")
        watch(settings, log_wanted(verbose=verbose))
        leave(0)
    results = {}
    with progress_bar(shown=not json_wanted and sys.stderr.isatty()) as bar:
        for store in stores:
            results[store.key] = result = sync_one(settings, store, cast("RunKind", mode), bar)
            if not json_wanted:
                click.echo(run_line(store.key, result))
            if result.message:
                click.echo(f"{store.key}: {result.message}", err=True)
    if json_wanted:
        click.echo(as_json(run_facts(results)))
    sys.exit(0 if worst(results.values()) is Outcome.COMPLETE else Failed.exit_code)


@main.command()
@home_option
@click.argument("store", metavar="STORE")
@click.option("--code", help="The code of a sign-in, when you have it already.")
@click.option("--redirect-uri", help="The callback registered for the app (default: redirect_uri of the store).")
def authorize(home: Path, store: str, code: str | None, redirect_uri: str | None) -> None:
    """Sign in to a store and keep its token."""
    from aexdash.aliexpress.listings import sign_in  # noqa: PLC0415 - loads HTTP
    from aexdash.snapshot.known_store import known_seller  # noqa: PLC0415 - loads the database

    settings = settings_of(home)
    wanted = settings.store(store)
    account = wanted.account(settings.home)
    code = code or ask_for_code(settings, wanted, redirect_uri or wanted.redirect_uri)
    seller = known_seller(settings.snapshot_path, store)
    token = sign_in(account, code, clock=system_clock, seller_id=seller)
    until = f", good until {token.expires_at:%Y-%m-%d %H:%M} UTC and renewed before that" if token.expires_at else ""
    click.echo(f"Signed in to store {store}{f' as {plain(token.user_nick)}' if token.user_nick else ''}{until}.")


@main.command("lift-ban")
@home_option
@click.argument("store", metavar="STORE")
def lift_ban_of(home: Path, store: str) -> None:
    """End the waiting for a ban of AliExpress that cannot be true.

    Calls go on at once, also those of a worker that is running. AliExpress names the ban again if it stands.
    """
    settings = settings_of(home)
    settings.store(store)
    text = lift_ban(settings, store)
    click.echo(f"No longer waited for: {plain(text)}" if text else f"No ban of store {store} is running.")


@main.command("change-account")
@home_option
@click.argument("store", metavar="STORE")
@click.option("--yes", is_flag=True, help="Do it without asking.")
def change_account_of(home: Path, store: str, *, yes: bool) -> None:
    """Let a store be another seller account from now on.

    What was read of the present account is kept under a name of its own, STORE-SELLER, with its history and with what
    people noted; it is no longer read. STORE begins anew with the account that signs in next. Nothing is deleted.
    """
    settings = settings_of(home)
    settings.store(store)
    if not yes:
        click.confirm(f"Keep what was read of store {store} aside and begin it anew with another account?", abort=True)
    kept = change_account(settings, store)
    click.echo(
        f"What was read of store {store} is kept as store {kept}, no longer read, with its notes and owners. "
        f"Now run aexdash authorize {store} and sign in with the other account; the next sync begins {store} anew."
    )


@main.command()
@home_option
@view_options
@click.option(
    "--limit",
    type=click.IntRange(1, MOST_NUMBER),
    default=50,
    show_default=True,
    help="Lines of text; JSON has them all.",
)
@json_option
def worklist(home: Path, view: View, limit: int, json_wanted: bool) -> None:
    """List what is held: why, since when, what to do.

    An empty list that no complete reading confirms is no good news, and ends with exit code 1.
    """
    settings = settings_of(home)
    snapshot, view = snapshot_of(settings, view)
    taxonomy, reach = settings.taxonomy(), snapshot.hero(view).reach
    if reach.claim is Claim.NEVER_READ:
        raise Failed(how_current(snapshot, view, settings))
    count = snapshot.count(view)
    for row in snapshot.rows(view) if json_wanted else snapshot.page(view, limit):
        claim = statements.row_claims(reach).get(row.store)
        click.echo(as_json(row_facts(row, taxonomy, claim)) if json_wanted else row_line(row, taxonomy))
    more = f", {limit} shown (--limit shows more)" if count > limit and not json_wanted else ""
    if not (json_wanted and reach.is_whole):
        click.echo(f"{count:,} listings{more}. {how_current(snapshot, view, settings)}", err=True)
    sys.exit(0 if count or reach.is_whole else Failed.exit_code)


@main.command()
@home_option
@place_options
@json_option
def cards(home: Path, view: View, json_wanted: bool) -> None:
    """Show every card: held, rejected in 24 hours, on sale, time to clear, money held back and all the others."""
    from aexdash.cards import CARDS, values  # noqa: PLC0415 - the other commands need no cards
    from aexdash.cli.cards import card_facts, card_lines  # noqa: PLC0415
    from aexdash.desk.bands import Sensitivity  # noqa: PLC0415

    settings = settings_of(home)
    snapshot, view = snapshot_of(settings, view)
    told = values(snapshot.measures(view.store_keys, view.as_of))
    standing = Sensitivity(settings.desk_path).standing(view.profile, list(CARDS.values()))
    freshness = None if view.as_of else freshness_of(snapshot, view, settings)
    given = (told, standing, snapshot.hero(view), freshness)
    if json_wanted:
        click.echo(as_json(card_facts(*given)))
    else:
        click.echo("\n".join(card_lines(*given)))


main.add_command(shops)
main.add_command(sessions)
main.add_command(export)
main.add_command(fixsheet)


@main.command()
@home_option
@click.argument("file", required=False, type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--store", metavar="KEY", help="Look for the listings in one store of several.")
@click.option("--id", "id_column", metavar="COLUMN", help="The column of the product ids, when it is not found.")
@click.option("--sku", "sku_column", metavar="COLUMN", help="The column of the SKU codes.")
@click.option("--text", "texts", multiple=True, help="A column that says why; with --listing the text itself.")
@click.option(
    "--listing", metavar="ID", help="One listing instead of a FILE; an empty --text takes back what was said."
)
@click.option("--code-page", metavar="NAME", help="The code page of a CSV, such as gb18030, when it is not clear.")
@click.option(
    "--take-rounded", is_flag=True, help="For ids that a spreadsheet rounded, take the one listing that fits."
)
@click.option("--dry-run", is_flag=True, help="Show what would be kept, and keep nothing.")
def annotate(
    home: Path,
    *,
    file: Path | None,
    store: str | None,
    id_column: str | None,
    sku_column: str | None,
    texts: tuple[str, ...],
    listing: str | None,
    code_page: str | None,
    take_rounded: bool,
    dry_run: bool,
) -> None:
    """Keep what Seller Center says of listings: FILE is a CSV, XLS or XLSX, or --listing and --text name one."""
    from aexdash.cli import annotate as importing  # noqa: PLC0415 - loads the database and the recogniser
    from aexdash.sources.seller_center import ColumnMap  # noqa: PLC0415

    if (file is None) == (listing is None) or (listing and not texts):
        raise click.UsageError("Give either a FILE, or --listing with --text.")
    settings = settings_of(home)
    snapshot, _ = snapshot_of(settings, View(store=store))
    if listing is not None:
        brought = importing.one_listing(settings, snapshot, listing, store, "\n".join(texts))
    else:
        asked = ColumnMap(id_column, sku_column, texts)
        brought = importing.whole_file(
            settings, snapshot, cast("Path", file), store, asked, code_page=code_page, take_rounded=take_rounded
        )
    for line in brought.lines:
        click.echo(line)
    if dry_run:
        click.echo("Nothing was kept (--dry-run).", err=True)
        return
    click.echo(brought.keep(), err=True)


@main.command()
@home_option
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--store", metavar="KEY", help="The store whose feed it is; needed where there are several.")
@click.option("--column", "columns", multiple=True, metavar="ROLE=HEADING", help="Name one: sku=Item, message=Why.")
@click.option("--every-message", is_flag=True, help="Every row with a message or a code, and no status, was rejected.")
@click.option("--rejected", multiple=True, metavar="WORD", help="A status that means rejected.")
@click.option("--not-rejected", multiple=True, metavar="WORD", help="A status that does not mean rejected.")
@click.option("--code-page", metavar="NAME", help="The code page of a CSV, such as gb18030, when it is not clear.")
@click.option("--dry-run", is_flag=True, help="Show the numbers and keep nothing.")
def feed(
    home: Path,
    *,
    file: Path,
    store: str | None,
    columns: tuple[str, ...],
    every_message: bool,
    rejected: tuple[str, ...],
    not_rejected: tuple[str, ...],
    code_page: str | None,
    dry_run: bool,
) -> None:
    """Count a validation file of the feed: FILE is a CSV, TSV, XLS or XLSX with SKUs and what was rejected."""
    from aexdash.cli.feed import FeedAnswers, bring  # noqa: PLC0415 - loads the database

    answers = FeedAnswers(columns, every_message, rejected, not_rejected, code_page)
    for line in bring(settings_of(home), file, store, answers, keep=not dry_run):
        click.echo(line)


@main.command()
@home_option
@click.option("--move-aside", is_flag=True, help="Rename a damaged snapshot, so that the next sync begins a new one.")
@json_option
def doctor(home: Path, *, move_aside: bool, json_wanted: bool) -> None:
    """Say what is wrong and what to do about it.

    Ends with 0 when all is well, and with 1 when there is something to do.
    """
    from aexdash.doctor.examining import examine  # noqa: PLC0415 - loads HTTP and the database

    if move_aside:
        put_aside(home)
    well = True
    for finding in examine(home, system_clock):
        click.echo(as_json(asdict(finding)) if json_wanted else str(finding))
        well = well and finding.well
    sys.exit(0 if well else Failed.exit_code)


for one in (backup, restore, repair, upgrade):
    main.add_command(one)
