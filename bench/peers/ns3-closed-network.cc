// Usage: ns3-closed-network <scheduler> <requests>
#include <cstdlib>
#include <deque>

#include "measure.h"
#include "ns3-setup.h"

namespace {

constexpr unsigned kDevices = 42;
constexpr unsigned kServers = 8;

struct Waiting {
  unsigned device;
  int64_t since;
};

std::mt19937_64 generator(42);
Measurement measurement;
std::deque<Waiting> queue;
unsigned busy = 0;
long begun = 0;
long warm_up = 0;
long last = 0;
int64_t begun_at = 0;
int64_t waited = 0;

void Thought(unsigned device);
void Served(unsigned device);

ns3::Time Exponential(double mean_ns) {
  const double uniform = static_cast<double>(generator() >> 11) * 0x1.0p-53;
  return ns3::NanoSeconds(static_cast<int64_t>(0.5 - std::log(1 - uniform) * mean_ns));
}

void Start(unsigned device, int64_t since) {
  const int64_t now = ns3::Simulator::Now().GetNanoSeconds();
  busy++;
  waited += now - since;
  if (++begun == warm_up) {
    begun_at = now;
    waited = 0;
    measurement.Begin();
  } else if (begun == last) {
    measurement.End();
    ns3::Simulator::Stop();
  }
  ns3::Simulator::Schedule(Exponential(1e6), &Served, device);
}

void Thought(unsigned device) {
  const int64_t now = ns3::Simulator::Now().GetNanoSeconds();
  if (busy < kServers) {
    Start(device, now);
  } else {
    queue.push_back({device, now});
  }
}

void Served(unsigned device) {
  busy--;
  ns3::Simulator::Schedule(Exponential(5e6), &Thought, device);
  if (!queue.empty()) {
    const Waiting next = queue.front();
    queue.pop_front();
    Start(next.device, next.since);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const long requests = std::atol(argv[2]);
  warm_up = requests / 4;
  last = warm_up + requests;
  UseScheduler(argv[1]);
  for (unsigned device = 0; device < kDevices; device++) ns3::Simulator::Schedule(Exponential(5e6), &Thought, device);
  ns3::Simulator::Run();
  const double span = static_cast<double>(ns3::Simulator::Now().GetNanoSeconds() - begun_at);
  char facts[80];
  std::snprintf(facts, sizeof facts, "\"X\": %.4f, \"W\": %.4f", requests * 1e6 / span, waited / (requests * 1e6));
  measurement.Print(requests, facts);
  return 0;
}
