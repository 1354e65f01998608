import CLibPQ
import Foundation
import Synchronization

/// A request to the server to stop what a connection is doing.
///
/// libpq sends it through a second connection and waits for the server to take it, with no way to bound the wait. So it has a
/// thread of its own; whoever waits for the statement stops waiting for both when its patience ends.
final class CancelRequest: Sendable {
    private let isDone = Atomic<Bool>(false)

    /// Whether the server has taken the request, so that it cannot hit a later statement of the same connection.
    var isFinished: Bool { isDone.load(ordering: .acquiring) }

    /// Sends the request and wakes the connection's thread once it was taken.
    init(connection: OpaquePointer, wake: WakeDescriptor) {
        // SAFETY: PQgetCancel makes a copy of what it needs, libpq documents PQcancel as callable from any thread, and only the
        // new thread uses the pointer from here on.
        nonisolated(unsafe) let cancel = PQgetCancel(connection)
        let thread = Thread { [self] in
            var message = [CChar](repeating: 0, count: 256)
            _ = PQcancel(cancel, &message, Int32(message.count))
            PQfreeCancel(cancel)
            isDone.store(true, ordering: .releasing)
            wake.wake()
        }
        thread.name = "postgres-cancel"
        thread.stackSize = 256 << 10
        thread.start()
    }
}
