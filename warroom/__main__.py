"""The entry point: ``warroom`` and ``python -m warroom``."""

import sys


def main() -> None:
    """Run the command line and leave with its exit code."""
    # Deferred so that --version answers before anything else is loaded.
    if sys.argv[1:] == ["--version"]:
        from warroom import __version__

        sys.stdout.write(f"warroom {__version__}\n")
        return
    from warroom.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
