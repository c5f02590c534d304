// SPDX-License-Identifier: GPL-2.0-or-later
import Testing

@Suite("Modules and their levels")
struct ModuleLevelTests {
    /// The table of `docs/architecture.md`. A module imports lower levels only.
    static let levels: [(level: Int, side: Side, modules: [String])] = [
        (0, .both, ["CPri", "CPriTime", "CSpanDSP", "CLinux", "CMediaRT"]),
        (1, .both, ["ISDN", "SIPMessages", "SDP", "RTP"]),
        (2, .both, ["LineProtocol", "SIPCore", "Routing"]),
        (3, .both, ["CallControl", "GatewayConfiguration"]),
        (4, .line, ["Spans"]),
        (5, .line, ["PRI", "Media"]),
        (6, .line, ["Line"]),
        (7, .line, ["trunkgate-line", "trunkgate-bench"]),
        (4, .control, ["SIPTransport", "LineClient"]),
        (5, .control, ["Gateway", "DemonstrationSwitch", "TestCaller"]),
        (6, .control, ["Operations"]),
        (7, .control, ["trunkgate"]),
    ]

    /// Which of the two programs a module can be part of.
    enum Side {
        case both
        case line
        case control
    }

    /// What a module may not import although its level would let it.
    static let forbidden: [String: Set<String>] = [
        "CallControl": ["SIPCore"], "Gateway": ["CPri", "CSpanDSP", "CMediaRT"],
        "DemonstrationSwitch": ["CPri", "CSpanDSP", "CMediaRT"], "TestCaller": ["CPri", "CMediaRT"],
        "Operations": ["CPri", "CSpanDSP", "CMediaRT"],
    ]

    /// Modules that come with the toolchain or the system.
    static let system: Set<String> = ["Foundation", "Glibc", "Synchronization", "Dispatch", "Testing", "XCTest"]

    /// Modules that come with a product of another name.
    static let modulesOfProducts: [String: Set<String>] = ["Hummingbird": ["Hummingbird", "HummingbirdCore"]]

    static func level(_ name: String) -> Int? { levels.first { $0.modules.contains(name) }?.level }
    static func side(_ name: String) -> Side? { levels.first { $0.modules.contains(name) }?.side }

    let package: PackageDescription
    /// All but the tests and what only they use.
    let modules: [PackageDescription.Target]

    init() throws {
        package = try PackageDescription.package.get()
        modules = package.targets.filter { !$0.isForTests }
    }

    @Test("The table has every module, and no other")
    func table() {
        let listed = Self.levels.flatMap(\.modules)
        #expect(Set(listed).count == listed.count)
        #expect(Set(listed) == Set(modules.map(\.name)))
    }

    @Test("A module depends on lower levels only")
    func downwards() throws {
        for module in modules {
            let level = try #require(Self.level(module.name))
            for dependency in module.targets {
                let other = try #require(Self.level(dependency), "\(module.name) depends on \(dependency)")
                // Among the C modules a shim may build on a library.
                #expect(other < level || level == 0 && other == 0, "\(module.name) depends on \(dependency)")
            }
        }
    }

    @Test("The line side and the control side share values only")
    func sides() throws {
        for module in modules {
            let side = try #require(Self.side(module.name))
            for dependency in module.targets {
                let other = try #require(Self.side(dependency))
                #expect(other == .both || other == side, "\(module.name) depends on \(dependency)")
            }
        }
    }

    @Test("The values and the line side use no package but, for configuration, Yams")
    func products() throws {
        for module in modules where try #require(Self.side(module.name)) != .control {
            #expect(module.products == (module.name == "GatewayConfiguration" ? ["Yams"] : []), "\(module.name)")
        }
    }

    @Test("What may not be imported is not, level or no level")
    func exceptions() {
        for module in modules {
            let banned = Self.forbidden[module.name] ?? []
            #expect(module.targets.isDisjoint(with: banned), "\(module.name)")
        }
    }

    @Test("Sources import what the manifest declares, and nothing else")
    func imports() {
        for target in package.targets {
            let products = target.products.flatMap { Self.modulesOfProducts[$0] ?? [$0] }
            let declared = target.targets.union(products).union(Self.system)
            for (module, file) in target.imports {
                #expect(declared.contains(module), "\(target.name)/\(file) imports \(module)")
            }
        }
    }

    @Test("The line side imports neither Foundation nor NIO nor OpenSSL")
    func lineImports() throws {
        for module in modules where try #require(Self.side(module.name)) == .line {
            for (imported, file) in module.imports where Self.level(imported) == nil {
                #expect(["Glibc", "Synchronization"].contains(imported), "\(module.name)/\(file) imports \(imported)")
            }
        }
    }

    @Test("Values import nothing of the system")
    func valueImports() throws {
        for module in modules where (1...3).contains(try #require(Self.level(module.name))) {
            let foreign = module.imports.keys.filter { Self.level($0) == nil }
            // Yams brings Foundation with it; the configuration reads its file there.
            let allowed: Set<String> = module.name == "GatewayConfiguration" ? ["Yams", "Foundation"] : []
            #expect(allowed.isSuperset(of: foreign), "\(module.name) imports \(foreign.sorted())")
        }
    }
}
