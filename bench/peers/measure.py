"""CPU time of the measured part, printed as bench/lib/rounds.js reads it."""

import json
import time


def report(count, work, facts=dict):
    begun = time.process_time()
    work()
    seconds = time.process_time() - begun
    print(json.dumps({"count": count, "cpuSeconds": seconds, "facts": facts()}))
