// Usage: ns3-timers <scheduler> <devices> <operations>
#include <cstdlib>

#include "measure.h"
#include "ns3-setup.h"

namespace {

DelayTable delays;
Measurement measurement;
std::vector<ns3::EventId> timeouts;
long remaining = 0;
long measured = 0;

void Expired() { std::abort(); }

void Completed(unsigned device) {
  if (remaining == measured) measurement.Begin();
  if (remaining-- == 0) {
    measurement.End();
    ns3::Simulator::Stop();
    return;
  }
  // Remove, not Cancel: a cancelled event would stay in the queue for 15 s.
  ns3::Simulator::Remove(timeouts[device]);
  timeouts[device] = ns3::Simulator::Schedule(ns3::Seconds(15), &Expired);
  ns3::Simulator::Schedule(delays.Next(), &Completed, device);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const unsigned devices = std::atoi(argv[2]);
  measured = std::atol(argv[3]);
  remaining = measured + measured / 4;
  UseScheduler(argv[1]);
  timeouts.resize(devices);
  for (unsigned device = 0; device < devices; device++) {
    timeouts[device] = ns3::Simulator::Schedule(ns3::Seconds(15), &Expired);
    ns3::Simulator::Schedule(delays.Next(), &Completed, device);
  }
  ns3::Simulator::Run();
  measurement.Print(measured);
  return 0;
}
