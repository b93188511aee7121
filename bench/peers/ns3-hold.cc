// Usage: ns3-hold <scheduler> <pending> <events>
#include <cstdlib>

#include "measure.h"
#include "ns3-setup.h"

namespace {

DelayTable delays;
Measurement measurement;
long remaining = 0;
long measured = 0;

void Hold() {
  if (remaining == measured) measurement.Begin();
  if (remaining-- == 0) {
    measurement.End();
    ns3::Simulator::Stop();
    return;
  }
  ns3::Simulator::Schedule(delays.Next(), &Hold);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const long pending = std::atol(argv[2]);
  measured = std::atol(argv[3]);
  remaining = measured + 3 * pending + measured / 4;
  UseScheduler(argv[1]);
  for (long i = 0; i < pending; i++) ns3::Simulator::Schedule(delays.Next(), &Hold);
  ns3::Simulator::Run();
  measurement.Print(measured);
  return 0;
}
