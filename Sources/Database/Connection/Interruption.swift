import Synchronization

/// The wish of a caller to stop one statement, from any thread and at any time.
///
/// It belongs to that statement alone: coming late, it has no effect on the next one.
final class Interruption: Sendable {
    private let wish = Atomic<Bool>(false)
    private let wake: WakeDescriptor

    init(wake: WakeDescriptor) {
        self.wake = wake
    }

    var isRequested: Bool { wish.load(ordering: .acquiring) }

    func request() {
        wish.store(true, ordering: .releasing)
        wake.wake()
    }
}
