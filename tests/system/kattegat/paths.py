"""Where things are. KATTEGAT_BUILD names the build folder."""

import os
import pathlib
import pwd

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("KATTEGAT_BUILD", ROOT / "build-check"))

DAEMON = BUILD / "src/daemon/kattegatd"
CTL = BUILD / "src/ctl/kattegatctl"
CLUSTER = ROOT / "contrib" / "cluster"
REGISTRY = ROOT / "db" / "registry"
DEMO = ROOT / "db" / "demo"

LONG = os.environ.get("KATTEGAT_LONG") == "yes"
VALGRIND = os.environ.get("KATTEGAT_VALGRIND") == "yes"
# How much slower the daemon is than a plain one.
SLOWER = 10 if VALGRIND else 3 if "san" in BUILD.name else 1
# Every limit of a wait is multiplied by this: the machine may be busy.
PATIENCE = max(10, 3 * SLOWER)

AM_ROOT = os.geteuid() == 0
# Started by root, the database and the daemon run as this user.
USER = "postgres" if AM_ROOT else pwd.getpwuid(os.geteuid()).pw_name
