"""Runs a source as a room does and keeps what it sees, for tests that wait for something real."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from warroom.events.envelope import Envelope
from warroom.host.ports import Observation, Source
