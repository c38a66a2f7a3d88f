"""Verbs that open, enter, list and end rooms; and what ``warroom`` alone shows."""

import argparse
import asyncio
import json
import os
import re
import signal
from pathlib import Path

from warroom import __version__
from warroom.cli.hosting import HostOrder, host, start_host
from warroom.cli.output import refuse, say, show_json, show_table, tell
from warroom.cli.places import here, settings
from warroom.cli.screen import LINK, THEME, link, looks, need_terminal, own
from warroom.cli.talk import talk_to
from warroom.cli.verb import DONE, FAILED, JSON, Usage, Verb, arg
from warroom.errors import WarroomError
from warroom.host.client import Client
from warroom.host.rooms import RoomFolder, find_room, open_rooms
from warroom.model.commands import StopRoom
from warroom.simulator.check import describe_all, scenario_path
from warroom.views.rows import Cell, Column, Row

ENDING_S = 10.0
"""How long a host may take to end before it is told that it is not answering."""


def home(_: argparse.Namespace) -> int:
    """``warroom`` alone: what there is, and what to type next."""
    places = here()
    say(f"warroom {__version__}")
    say("\nopen rooms")
    rooms = open_rooms(places.rooms)
    for folder in rooms:
        note = folder.read_note()
        say(f"  {folder.name:<20} {note.cluster if note else '?':<16} warroom attach {folder.name}")
    if not rooms:
        say("  none")
    say("\nsample clusters")
    for name, title in describe_all():
        say(f"  {name:<20} {title}\n{'':<22} warroom demo {name}")
    say("\nconfigured clusters")
    clusters = sorted(settings().clusters)
    for name in clusters:
        say(f"  {name:<20} warroom open {name}")
    if not clusters:
        say(f"  none; `warroom init` writes a commented {places.config_file}")
    say("\nincidents")
    recorded = _recordings(places.incidents)
    for name in recorded[:5]:
        say(f"  {name:<36} warroom replay {name}")
    if not recorded:
        say("  none recorded yet")
    say(
        "\nwhat to type next: " + (f"warroom attach {rooms[0].name}" if rooms else "warroom demo rack-switch")
    )
    return DONE


def _recordings(folder: Path) -> list[str]:
    return [path.stem for path in sorted(folder.glob("*.db"), reverse=True)]


def _demo(arguments: argparse.Namespace) -> int:
    scenario = scenario_path(arguments.scenario)
    order = HostOrder(
        room=arguments.room or re.sub(r"[^A-Za-z0-9._-]+", "-", scenario.stem).strip("._-") or "room",
        scenario=str(scenario),
        seed=arguments.seed,
        speed=arguments.speed,
        start=arguments.start,
        debug=arguments.debug or bool(settings().get("log", "debug")),
    )
    return _enter(order, arguments)


def _open(arguments: argparse.Namespace) -> int:
    config = settings()
    known = config.clusters
    if arguments.cluster not in known:
        names = ", ".join(sorted(known)) or "none"
        raise WarroomError(
            f"no cluster {arguments.cluster!r} is configured (configured: {names}); add [cluster.{arguments.cluster}] "
            f"to {here().config_file}"
        )
    order = HostOrder(
        room=arguments.room or arguments.cluster,
        cluster=arguments.cluster,
        debug=arguments.debug or bool(config.get("log", "debug")),
    )
    return _enter(order, arguments)


def _enter(order: HostOrder, arguments: argparse.Namespace) -> int:
    folder = start_host(here(), order)
    if arguments.headless:
        say(f"room {order.room} is open; look at it with `warroom attach {order.room}`")
        return DONE
    return _show(folder, arguments, read_only=False)


def _attach(arguments: argparse.Namespace) -> int:
    return _show(
        find_room(here().rooms, arguments.room, option="warroom attach"),
        arguments,
        read_only=arguments.read_only,
    )


def _show(folder: RoomFolder, arguments: argparse.Namespace, *, read_only: bool) -> int:
    need_terminal(
        f"`warroom watch {folder.name}` tells it in lines, for scripts there are verbs such as "
        "`warroom cluster-status`, and --headless opens a room without a screen"
    )
    chosen = looks(arguments)
    found = link(arguments, chosen)
    size = os.get_terminal_size()
    client = Client(
        folder.socket,
        program="tui",
        version=__version__,
        size=(size.columns, size.lines),
        read_only=read_only,
    )
    client.knock()
    # Only here: Textual is slow to load, and no verb needs it.
    from warroom.ui.app import show_room

    code = show_room(client, chosen, found, own())
    if not code and folder.running():
        ours = folder.path.parent == here().rooms
        ends = f", `warroom stop {folder.name}` ends it" if ours else ""
        tell(
            f"the room goes on: `warroom attach {folder.name if ours else folder.path}` shows it again{ends}"
        )
    return code


def _rooms(arguments: argparse.Namespace) -> int:
    rooms = open_rooms(here().rooms)
    if arguments.json:
        show_json([folder.read_note() for folder in rooms])
        return DONE
    rows = []
    for folder in rooms:
        note = folder.read_note()
        said = (note.cluster, str(note.pid), note.started, note.recording) if note else ("", "", "", "")
        rows.append(Row(folder.name, tuple(map(Cell, (folder.name, *said)))))
    columns = tuple(Column(title, None) for title in ("ROOM", "CLUSTER", "PID", "OPEN SINCE", "RECORDING"))
    show_table(columns, rows, empty="no room is open; open one with `warroom demo` or `warroom open CLUSTER`")
    return DONE


def _stop(arguments: argparse.Namespace) -> int:
    rooms = here().rooms
    if arguments.all and arguments.room:
        raise Usage("say either a room or --all")
    folders = (
        open_rooms(rooms) if arguments.all else [find_room(rooms, arguments.room, option="warroom stop")]
    )
    failed = [sentence for folder in folders if (sentence := _stop_one(folder, force=arguments.force))]
    for sentence in failed:
        refuse(sentence)
    if not folders:
        tell("no room is open")
    return FAILED if failed else DONE


def _stop_one(folder: RoomFolder, *, force: bool) -> str:
    """End one room; why not, or nothing."""

    async def use(client: Client) -> int:
        await client.wish(StopRoom(even_if_open=force))
        return DONE

    try:
        asyncio.run(talk_to(folder, use))
    except WarroomError as refused:
        if "protocol" not in str(refused) and not force:
            return str(refused)
        note = folder.read_note()
        if note is None:
            return f"room {folder.name} does not say who runs it; end its process by hand"
        # A host of another version, or one that does not answer, still obeys its owner's signal.
        if not _is_ours(folder, note.pid):
            return f"room {folder.name} belongs to another user, who alone can end it by force"
        os.kill(note.pid, signal.SIGTERM)
    if not folder.wait_until_ended(ENDING_S):
        return f"room {folder.name} did not end within {ENDING_S:.0f} s"
    say(f"room {folder.name} ended")
    return ""


def _is_ours(folder: RoomFolder, pid: int) -> bool:
    """Whether the process a room names is its owner's and ours; anybody can write a note into a folder of theirs."""
    try:
        owners = {folder.note.stat().st_uid, Path(f"/proc/{pid}").stat().st_uid}
    except OSError:
        return False
    return len(owners) == 1 and (os.geteuid() == 0 or owners == {os.geteuid()})


def _host(arguments: argparse.Namespace) -> int:
    return host(here(), HostOrder(**json.loads(arguments.order)), arguments.tell)


def _scenarios(arguments: argparse.Namespace) -> int:
    # The simulator is not needed by any other verb.
    from warroom.simulator.check import check_scenario

    if arguments.step == "check":
        if not arguments.file:
            raise Usage("say which file: warroom scenarios check FILE")
        say(check_scenario(Path(arguments.file)))
        return DONE
    if arguments.json:
        show_json([{"name": name, "title": title} for name, title in describe_all()])
        return DONE
    for name, title in describe_all():
        say(f"{name:<16} {title}")
    return DONE


HEADLESS = arg("--headless", action="store_true", help="open the room without a screen")
DEBUG = arg("--debug", action="store_true", help="log more of what the host does (its log is in places.logs)")
NAME = arg("--room", default="", metavar="NAME", help="the room's name (default: the cluster's)")

VERBS = (
    Verb(
        "demo",
        "rooms",
        "open a room on a sample cluster",
        _demo,
        (
            arg("scenario", nargs="?", default="calm", help="a sample cluster's name or a file (calm)"),
            arg("--seed", type=int, help="another seed gives another run of the same scenario"),
            arg("--speed", type=float, default=1.0, help="simulated seconds per second (1)"),
            arg("--start", default="", metavar="TIME", help="simulated time at the start (now)"),
            NAME,
            HEADLESS,
            THEME,
            LINK,
            DEBUG,
        ),
    ),
    Verb(
        "open",
        "rooms",
        "open a room on a configured cluster",
        _open,
        (arg("cluster", help="its name in the config"), NAME, HEADLESS, THEME, LINK, DEBUG),
    ),
    Verb(
        "attach",
        "rooms",
        "look at an open room",
        _attach,
        (
            arg("room", nargs="?", help="its name, or the folder of somebody else's room"),
            arg("--read-only", action="store_true", help="look, but do not act"),
            THEME,
            LINK,
        ),
    ),
    Verb("rooms", "rooms", "list open rooms", _rooms, (JSON,)),
    Verb(
        "stop",
        "rooms",
        "end a room; the recording stays",
        _stop,
        (
            arg("room", nargs="?", help="its name or folder (needed when several are open)"),
            arg("--all", action="store_true", help="every open room"),
            arg("--force", action="store_true", help="also with an open incident or an action under way"),
        ),
    ),
    Verb(
        "scenarios",
        "rooms",
        "list sample clusters; check FILE validates one",
        _scenarios,
        (
            arg("step", nargs="?", default="list", choices=("list", "check"), help="list, or check FILE"),
            arg("file", nargs="?", help="a scenario file"),
            JSON,
        ),
    ),
    Verb(
        "_host",
        "rooms",
        "run a room's host (started by the others)",
        _host,
        (
            arg("order", help="what to host, as JSON"),
            arg("--tell", type=int, default=-1, help="descriptor to report to"),
        ),
        hidden=True,
    ),
)
