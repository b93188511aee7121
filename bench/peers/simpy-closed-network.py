"""Usage: simpy-closed-network.py <requests>"""

import random
import sys

import simpy
from measure import report

DEVICES, SERVERS = 42, 8
requests = int(sys.argv[1])
generator = random.Random(42)
environment = simpy.Environment()
servers = simpy.Resource(environment, SERVERS)
begun = 0
waited = 0.0


def device():
    global begun, waited
    while True:
        yield environment.timeout(generator.expovariate(1 / 5))
        arrived = environment.now
        with servers.request() as server:
            yield server
            begun += 1
            waited += environment.now - arrived
            yield environment.timeout(generator.expovariate(1))


def run(count):
    goal = begun + count
    while begun < goal:
        environment.step()


for _ in range(DEVICES):
    environment.process(device())
run(requests // 4)
started_at, waited = environment.now, 0.0
report(
    requests,
    lambda: run(requests),
    lambda: {"X": round(requests / (environment.now - started_at), 4), "W": round(waited / requests, 4)},
)
