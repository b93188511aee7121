"""Usage: simpy-hold.py <pending> <events>"""

import random
import sys

import simpy
from measure import report

TABLE_SIZE = 65536
pending, events = int(sys.argv[1]), int(sys.argv[2])
generator = random.Random(42)
delays = [generator.expovariate(1.0) for _ in range(TABLE_SIZE)]
environment = simpy.Environment()
drawn = 0


def hold(_event):
    global drawn
    drawn += 1
    environment.timeout(delays[drawn & (TABLE_SIZE - 1)]).callbacks.append(hold)


def run(count):
    for _ in range(count):
        environment.step()


for _ in range(pending):
    hold(None)
run(3 * pending)
report(events, lambda: run(events))
