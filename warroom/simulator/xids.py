"""The errors of GPUs (Xid) that can happen here, in the words of the driver."""

WORDS = {
    "13": "Graphics Exception: ESR 0x405840=0xa3024e",
    "31": "MMU Fault: ENGINE GRAPHICS, fault of type FAULT_PDE ACCESS_TYPE_READ",
    "43": "Reset Channel",
    "48": "Double Bit ECC Error: DBE at SM 3, address 0x0000001fa3c0",
    "63": "Row Remapper: new row marked for remapping, reset the GPU to activate",
    "79": "GPU has fallen off the bus",
    "92": "High rate of single bit ECC errors",
    "94": "Contained ECC error",
}
LOST = "79"
FAILING = "48"
BY_A_PROGRAM = ("13", "31", "43")
"""Errors that end the program that made them and nothing else."""
