# SPDX-License-Identifier: Apache-2.0
"""Runs a program and says what it took: launcher.py OUTPUT ERRORS PROGRAM [ARGUMENT...]

The kernel counts the memory of the process that forked into the peak of the one that runs then.
This one is small, so the peak is the program's own; the scripts that start it may be large.
"""
import os
import sys
import time

output = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
errors = os.open(sys.argv[2], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
started = time.monotonic()
child = os.fork()
if child == 0:
    try:
        os.dup2(output, 1)
        os.dup2(errors, 2)
        os.execvp(sys.argv[3], sys.argv[3:])
    except OSError as failure:
        os.write(2, f"{sys.argv[3]}: {failure.strerror}\n".encode())
        os._exit(127)
_, status, usage = os.wait4(child, 0)
wall = time.monotonic() - started
print(os.waitstatus_to_exitcode(status), wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
