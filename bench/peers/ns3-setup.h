// What the ns-3 programs share: the scheduler by name and a table of delays.
#pragma once
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "ns3/core-module.h"

inline void UseScheduler(const std::string& name) {
  ns3::ObjectFactory scheduler;
  scheduler.SetTypeId("ns3::" + name + "Scheduler");
  ns3::Simulator::SetScheduler(scheduler);
}

// Exponential delays with a mean of 1 ms, drawn beforehand.
class DelayTable {
 public:
  DelayTable() {
    std::mt19937_64 generator(42);
    std::exponential_distribution<double> exponential(1e-6);
    for (unsigned i = 0; i < kSize; i++) delays_.push_back(ns3::NanoSeconds(std::llround(exponential(generator))));
  }
  const ns3::Time& Next() { return delays_[next_++ & (kSize - 1)]; }

 private:
  static constexpr unsigned kSize = 65536;
  std::vector<ns3::Time> delays_;
  unsigned next_ = 0;
};
