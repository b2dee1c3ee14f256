"""`python -m topiq`: the program, where scripts are not on the path."""

import subprocess
import sys

from topiq import executable

try:
    sys.exit(subprocess.call([executable(), *sys.argv[1:]]))
except KeyboardInterrupt:
    sys.exit(130)
