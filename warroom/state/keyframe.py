"""A state as bytes and back: a cache for snapshots, seeks and restarts, rebuilt at will."""

import msgspec

from warroom.errors import UNDECODABLE, Unreadable
from warroom.state.slices import State

FORMAT = 6
"""Changes when an older keyframe can no longer be read, or when the fold now ends in another state for the
same events; keyframes of other formats are not used."""

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(State)


def encode(state: State) -> bytes:
    """The whole state as MessagePack."""
    return _encoder.encode(state)


def decode(data: bytes) -> State:
    """The state of ``encode``; raises ``Unreadable`` for anything else."""
    try:
        return _decoder.decode(data)
    except UNDECODABLE as wrong:
        raise Unreadable("keyframe", field="state", why=str(wrong)) from wrong
