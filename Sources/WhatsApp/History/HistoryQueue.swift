/// Lets the pieces of the phone's history in one at a time, in the order of their arrival.
struct HistoryQueue {
    /// What the service wants to see when a blob is deleted.
    var metaNonce: String?
    private var isBusy = false
    private var line: [CheckedContinuation<Void, Never>] = []

    /// True when the caller may go on at once; otherwise it is to wait through ``wait(_:)``.
    mutating func enter() -> Bool {
        guard isBusy else {
            isBusy = true
            return true
        }
        return false
    }

    mutating func wait(_ continuation: CheckedContinuation<Void, Never>) {
        line.append(continuation)
    }

    /// Lets the next in line go on.
    mutating func leave() {
        guard !line.isEmpty else {
            isBusy = false
            return
        }
        line.removeFirst().resume()
    }
}
