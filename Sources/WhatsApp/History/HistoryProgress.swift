/// A piece of the phone's history has been taken into the store.
package struct HistoryProgress: Sendable, Equatable {
    /// Percent of what the phone means to send.
    package var progress: Int
    package var messages: Int
}
