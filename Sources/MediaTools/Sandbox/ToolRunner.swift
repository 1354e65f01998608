internal import Foundation
package import Logging

/// How tools are run.
package struct ToolConfiguration: Sendable {
    package var bubblewrap = "/usr/bin/bwrap"
    /// Programs at once.
    package var concurrency = 4
    /// Jobs that may wait, of all and of one asker.
    package var waitingLimit = 200
    package var waitingLimitPerKey = 10

    package init() {}
}

/// Runs programs on what strangers send: each in a sandbox, a bounded number at once, askers in turn.
///
/// There is no way around the sandbox: where the system does not allow it, nothing is run.
package struct ToolRunner: Sendable {
    private let command: SandboxCommand
    private let gate: FairGate
    private let logger: Logger

    package init(configuration: ToolConfiguration = ToolConfiguration(), logger: Logger) {
        command = SandboxCommand(bubblewrap: configuration.bubblewrap, isRoot: geteuid() == 0)
        gate = FairGate(
            limit: configuration.concurrency,
            waitingLimit: configuration.waitingLimit,
            waitingLimitPerKey: configuration.waitingLimitPerKey
        )
        self.logger = logger
    }

    /// Runs an order and gives its result; `key` is whose turn it takes.
    ///
    /// The time limit begins when the program does, and `begun` is told before. Cancelling the task ends the program.
    package func run(
        _ order: ToolOrder,
        for key: String,
        begun: @Sendable () async -> Void = {}
    ) async throws(ToolError) -> [UInt8] {
        let length = order.inputs.reduce(0) { $0 + $1.bytes.count }
        guard length <= order.limits.inputBytes else { throw .inputTooLarge(limit: order.limits.inputBytes) }
        guard access(command.bubblewrap, X_OK) == 0 else { throw .sandboxMissing }
        let name = String(order.program.split(separator: "/").last ?? "")
        guard access(order.program, X_OK) == 0 else { throw .programMissing(name) }
        if order.network != .none, access("/usr/bin/socat", X_OK) != 0 { throw .programMissing("socat") }
        let line = command.line(for: order)
        return try await gate.run(for: key, begun: begun) { () throws(ToolError) in
            let outcome = try await ToolProcess.run(
                line,
                inputs: order.inputs.map(\.bytes),
                wallTime: order.limits.wallTime,
                output: order.limits.outputBytes
            )
            guard outcome.status == 0 else { throw failure(outcome, name) }
            return outcome.output
        }
    }

    private func failure(_ outcome: ToolProcess.Outcome, _ name: String) -> ToolError {
        if outcome.complaint.hasPrefix("bwrap: ") || outcome.complaint.hasPrefix("setpriv: ") {
            logger.error(
                "The sandbox for tools could not be set up",
                metadata: ["error": "\(outcome.complaint.prefix(200))"]
            )
            return .sandboxRefused
        }
        // The processor time's limit ends a program by a signal of its own.
        let processorTimeIsUp: Int32 = 128 + 24
        if outcome.status == processorTimeIsUp { return .timedOut }
        logger.debug("A tool failed", metadata: ["tool.name": "\(name)", "tool.status": "\(outcome.status)"])
        return .failed(status: outcome.status, complaint: String(outcome.complaint.suffix(1_000)))
    }
}
