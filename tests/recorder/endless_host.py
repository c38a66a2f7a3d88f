"""A process that records notes until it is killed, and prints each one that is durable: ``FILE``."""

import asyncio
import sys
from pathlib import Path

from warroom.errors import WarroomError
from warroom.recorder.opening import new_recorder
from warroom.testing.recorder_suite import Rig


async def main(path: Path) -> None:
    rig = Rig(await new_recorder(path, meta={"room": "r"}, keys=path.parent.parent / "keys"))
    rig.recorder.on_trouble = lambda reason, merged, lost: print("trouble", flush=True)
    async with asyncio.TaskGroup() as crew:
        crew.create_task(rig.recorder.run())
        while True:
            said = rig.note(f"note {rig.script.last_seq + 1}")
            rig.line("a line")
            try:
                await rig.recorder.durable(said.seq)
                print("durable", said.seq, flush=True)
            except WarroomError:
                print("reserved", said.seq, flush=True)
                await asyncio.sleep(0.01)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
