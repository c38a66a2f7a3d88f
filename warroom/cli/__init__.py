"""The command line: one file per group of commands; loads neither the screen nor a source."""
