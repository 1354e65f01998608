internal import Foundation

/// The command line that runs an order under bubblewrap.
///
/// Inside there is the system's `/usr`, read-only, a working folder in memory with a bounded size, and nothing else: no
/// home, no data, no network, no other process. The limits are set within the new user namespace, so that they count
/// the sandbox's processes alone. As root the program first becomes nobody, whom the limits bind.
struct SandboxCommand {
    var bubblewrap: String
    var isRoot: Bool

    /// Inherited descriptors begin here: input after input.
    static let firstInput: Int32 = 3
    private static let nobody = "65534"

    func line(for order: ToolOrder) -> [String] {
        drop + [bubblewrap] + namespaces + filesystem(order) + ["--"] + limits(order.limits) + wrapped(order)
    }

    private var drop: [String] {
        guard isRoot else { return [] }
        return [
            "/usr/bin/setpriv", "--reuid", Self.nobody, "--regid", Self.nobody, "--clear-groups", "--inh-caps=-all",
            "--no-new-privs",
        ]
    }

    private var namespaces: [String] {
        [
            "--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent",
            "--cap-drop", "ALL", "--hostname", "sandbox", "--clearenv", "--setenv", "PATH", "/usr/bin:/bin",
            "--setenv", "HOME", ToolOrder.folder, "--setenv", "TMPDIR", ToolOrder.folder, "--setenv", "LC_ALL",
            "C.UTF-8",
            "--setenv", "TZ", "UTC",
        ]
    }

    private func filesystem(_ order: ToolOrder) -> [String] {
        var line = ["--ro-bind", "/usr", "/usr"]
        for folder in ["bin", "sbin", "lib", "lib64"] {
            // Links on a merged system, folders of their own on others.
            if Self.isLink("/\(folder)") {
                line += ["--symlink", "usr/\(folder)", "/\(folder)"]
            } else {
                line += ["--ro-bind-try", "/\(folder)", "/\(folder)"]
            }
        }
        let settings = [
            "alternatives", "fonts", "ld.so.cache", "ssl/certs", "ca-certificates", "ImageMagick-6", "chromium",
            "chromium.d",
        ]
        for name in settings { line += ["--ro-bind-try", "/etc/\(name)", "/etc/\(name)"] }
        for folder in order.readable { line += ["--ro-bind", folder, folder] }
        line += [
            "--proc", "/proc", "--dev", "/dev", "--size", "\(order.limits.scratchBytes)", "--tmpfs", "/dev/shm",
            "--size", "\(order.limits.scratchBytes)", "--tmpfs", ToolOrder.folder, "--chdir", ToolOrder.folder,
        ]
        for (index, input) in order.inputs.enumerated() {
            line += ["--symlink", "/proc/self/fd/\(Int(Self.firstInput) + index)", ToolOrder.path(of: input.name)]
        }
        if case .proxy(let socket) = order.network { line += ["--ro-bind", socket, "/run/proxy.sock"] }
        return line + ["--remount-ro", "/dev", "--remount-ro", "/"]
    }

    private func limits(_ limits: ToolLimits) -> [String] {
        var line = [
            "/usr/bin/prlimit", "--core=0", "--nproc=\(limits.processes)",
            "--cpu=\(limits.processorSeconds):\(limits.processorSeconds + 5)",
            "--fsize=\(limits.scratchBytes)", "--nofile=\(limits.openFiles)",
        ]
        if let memory = limits.memoryBytes { line.append("--as=\(memory)") }
        if let data = limits.dataBytes { line.append("--data=\(data)") }
        return line + ["--", "/usr/bin/nice", "-n", "10"]
    }

    /// The program itself, with what has to happen before and after it.
    private func wrapped(_ order: ToolOrder) -> [String] {
        let command = [order.program] + order.arguments
        var script = ""
        if order.network != .none {
            script += "/usr/bin/socat TCP-LISTEN:3128,bind=127.0.0.1,reuseaddr,fork UNIX-CONNECT:/run/proxy.sock & "
            // The listener is there when the kernel's table has it: port 3128 is 0C38.
            script += "n=0; while ! grep -q ':0C38 ' /proc/net/tcp && [ $n -lt 200 ]; do sleep 0.01; n=$((n+1)); done; "
        }
        switch order.output {
        case .standardOutput:
            guard !script.isEmpty else { return command }
            return ["/bin/sh", "-c", script + #""$@" </dev/null; exit $?"#, "sh"] + command
        case .file(let name):
            return ["/bin/sh", "-c", script + #"out=$1; shift; "$@" </dev/null >&2 || exit $?; exec cat -- "$out""#]
                + ["sh", ToolOrder.place(of: name)] + command
        }
    }

    private static func isLink(_ path: String) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    }
}
