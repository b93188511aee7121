// CPU time of the measured part, printed as bench/lib/rounds.js reads it.
#pragma once
#include <cstdio>
#include <ctime>
#include <string>

class Measurement {
 public:
  void Begin() { begun_ = std::clock(); }
  void End() { seconds_ = static_cast<double>(std::clock() - begun_) / CLOCKS_PER_SEC; }
  void Print(long count, const std::string& facts = "") const {
    std::printf("{\"count\": %ld, \"cpuSeconds\": %.6f, \"facts\": {%s}}\n", count, seconds_, facts.c_str());
  }

 private:
  std::clock_t begun_ = 0;
  double seconds_ = 0;
};
