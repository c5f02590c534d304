// SPDX-License-Identifier: GPL-2.0-or-later
import Glibc

enum CurrentProcess {
    static var id: Int32 { getpid() }
}
