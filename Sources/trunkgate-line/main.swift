// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc
import Line

exit(LineMain.run(Array(CommandLine.arguments.dropFirst())))
