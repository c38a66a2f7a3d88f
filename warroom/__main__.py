"""The entry point: ``warroom`` and ``python -m warroom``."""

import gc
import os
import sys

from warroom import __version__, firstframe


def _load_quickly() -> None:
    """Load no more than a screen needs: it speaks TLS with nobody, and nothing that is loaded is garbage."""
    gc.disable()
    sys.modules["ssl"] = None  # type: ignore[assignment]
    import asyncio  # noqa: F401 - it goes without, where there is none

    del sys.modules["ssl"]


def main() -> None:
    """Run the command line and leave with its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"warroom {__version__}\n")
        return
    firstframe.show(arguments, os.environ, __version__)
    if firstframe.asked(arguments):
        _load_quickly()
    try:
        # Deferred so that --version answers, and the first frame stands, before anything else is loaded.
        from warroom.cli.main import run

        code = run(arguments)
    except KeyboardInterrupt:
        code = 130
    finally:
        firstframe.leave()
    sys.exit(code)


if __name__ == "__main__":
    main()
