import Logging
import NIOCore
import NIOPosix

/// Writes snapshots when something has changed: a second after the first change, one at a time, off the event loop.
final class SnapshotWriter: Sendable {
    private struct State {
        var pending: (() -> Snapshot)?
        var timer: Scheduled<Void>?
        var writing: EventLoopFuture<Void>?
    }

    private let file: SnapshotFile
    private let eventLoop: any EventLoop
    private let logger: Logger
    private let state: NIOLoopBoundBox<State>
    private static let delay = TimeAmount.seconds(1)

    init(file: SnapshotFile, eventLoop: any EventLoop, logger: Logger) {
        self.file = file
        self.eventLoop = eventLoop
        self.logger = logger
        state = .makeBoxSendingValue(State(), eventLoop: eventLoop)
    }

    /// Notes a change; `take` makes the snapshot when its time has come, on the event loop.
    func changed(_ take: @escaping () -> Snapshot) {
        state.value.pending = take
        guard state.value.timer == nil, state.value.writing == nil else { return }
        state.value.timer = eventLoop.scheduleTask(in: Self.delay) {
            self.state.value.timer = nil
            self.write()
        }
    }

    private func write() {
        guard let take = state.value.pending else { return }
        state.value.pending = nil
        let snapshot = take()
        let (file, logger) = (file, logger)
        state.value.writing = NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            try file.write(snapshot)
        }
        .flatMapErrorThrowing { error in
            logger.error("Snapshot not written", metadata: ["error": "\(error)"])
        }
        .map {
            self.state.value.writing = nil
            if let pending = self.state.value.pending { self.changed(pending) }
        }
    }

    /// Writes what has changed and returns when it is on disk.
    func finish() async {
        let done = eventLoop.flatSubmit { () -> EventLoopFuture<Void> in
            self.state.value.timer?.cancel()
            self.state.value.timer = nil
            let running = self.state.value.writing ?? self.eventLoop.makeSucceededVoidFuture()
            return running.flatMap {
                self.state.value.timer?.cancel()
                self.write()
                return self.state.value.writing ?? self.eventLoop.makeSucceededVoidFuture()
            }
        }
        try? await done.get()
    }
}
