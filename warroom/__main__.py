"""The entry point: ``warroom`` and ``python -m warroom``."""

import os
import sys

from warroom import __version__, firstframe


def main() -> None:
    """Run the command line and leave with its exit code."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        sys.stdout.write(f"warroom {__version__}\n")
        return
    firstframe.show(arguments, os.environ, __version__)
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
