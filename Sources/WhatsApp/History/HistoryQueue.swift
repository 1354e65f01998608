/// Lets the pieces of the phone's history in one at a time, in the order of their arrival.
struct HistoryQueue {
    /// What the service wants to see when a blob is deleted.
    var metaNonce: String?
    /// The names of the pieces that this run has taken or is at; there are not many.
    private var names: Set<String> = []
    private var isBusy = false
    /// Questions to the phone for older messages.
    var questions = HistoryQuestions()
    private var line: [CheckedContinuation<Void, Never>] = []

    mutating func begin(_ name: String) {
        names.insert(name)
    }

    /// The next login tries again.
    mutating func giveBack(_ name: String) {
        names.remove(name)
    }

    /// Whether this run has taken it or is at it.
    func isKnown(_ name: String) -> Bool {
        names.contains(name)
    }

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
