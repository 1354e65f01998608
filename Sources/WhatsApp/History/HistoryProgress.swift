/// A piece of the phone's history has been taken into the store.
package struct HistoryProgress: Sendable, Equatable {
    /// What the phone sends it for.
    package enum Kind: String, Sendable {
        case initial, status, full, recent, other, none
        case pushNames = "push_names"
        case onDemand = "on_demand"
    }

    package var kind: Kind
    /// Percent of what the phone means to send; nil where it does not say.
    package var progress: Int?
    /// Taken from this part so far.
    package var messages: Int
    package var chats: Int
    /// The part is in the store as a whole.
    package var isComplete: Bool

    package init(kind: Kind, progress: Int?, messages: Int = 0, chats: Int = 0, isComplete: Bool = false) {
        self.kind = kind
        self.progress = progress
        self.messages = messages
        self.chats = chats
        self.isComplete = isComplete
    }
}
