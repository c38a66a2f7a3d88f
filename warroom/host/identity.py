"""Who is at the other end of a socket: the user from the kernel, the groups from the name service."""

import grp
import os
import pwd
import socket
import struct

import msgspec

from warroom.model.nouns import Person
from warroom.model.text import neutral

LONGEST_PROGRAM = 20
"""Characters of what a client calls itself."""


class Peer(msgspec.Struct, frozen=True):
    """The process at the other end."""

    pid: int
    uid: int
    gid: int


def peer_of(connection: socket.socket) -> Peer:
    """The kernel's word on who connected (``SO_PEERCRED``, see ``man 7 unix``)."""
    raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    return Peer(*struct.unpack("3i", raw))


def user_name(uid: int) -> str:
    """The login name of a uid, or the number where there is none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def person_of(peer: Peer, program: str) -> Person:
    """The person a peer acts for."""
    return Person(neutral(user_name(peer.uid)), uid=peer.uid, via=neutral(program[:LONGEST_PROGRAM]))


def group_id(name: str) -> int | None:
    """The number of a group; None when the name service knows no such group."""
    try:
        return grp.getgrnam(name).gr_gid
    except KeyError:
        return None


def is_member(peer: Peer, group: str) -> bool:
    """Whether the peer's user is in a group, by the name service and the process' own primary group."""
    wanted = group_id(group)
    if wanted is None:
        return False
    try:
        known = os.getgrouplist(pwd.getpwuid(peer.uid).pw_name, peer.gid)
    except KeyError:
        known = [peer.gid]
    return wanted in known


def groups_of(peer: Peer) -> frozenset[str]:
    """The names of all groups of a peer's user. Asks the name service, which may take its time."""
    try:
        numbers = os.getgrouplist(pwd.getpwuid(peer.uid).pw_name, peer.gid)
    except KeyError:
        numbers = [peer.gid]
    return frozenset(name for number in numbers if (name := _group_name(number)))


def _group_name(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return ""


def not_admitted(peer: Peer, *, owner: int, group: str) -> str:
    """Why a peer may not come in; empty when it may: the owner, root, or a member of the room's group."""
    if peer.uid in (owner, 0):
        return ""
    if not group:
        return f"this room belongs to {user_name(owner)} alone; set [room] group to let others in"
    if is_member(peer, group):
        return ""
    return f"{user_name(peer.uid)} is not in group {group}, which this room is open to"
