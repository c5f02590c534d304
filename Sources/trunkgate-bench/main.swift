// SPDX-License-Identifier: GPL-2.0-or-later

// What things cost on this machine, in CPU time of one core: `make bench`.
import Glibc

do {
    try ValueBenchmarks.run()
    print()
    try MediaBenchmark.report()
} catch {
    print("The benchmark could not run: \(error)")
    exit(1)
}
