/// A change of a setting, chat, contact or label made on another device of the account.
package struct AppStateChange: Sendable, Equatable {
    /// The mutation's index, the name of the action first.
    package var index: [String]
}
