/// A session ID that is only the address of credentials which somebody else keeps.
///
/// Such a text is never followed: fetching what a stranger names is a way to make the server ask anything, and whoever keeps
/// the file can read the account.
package enum SessionIDPointer: String, Sendable, Hashable, CaseIterable {
    /// A file at MEGA, `<file>#<key>`.
    case mega
    /// A gist at GitHub.
    case gist
    /// A text at a paste service.
    case paste
    /// An address on the web.
    case webAddress = "web-address"
    /// A number in the store of the bot's or generator's author.
    case authorServer = "author-server"
    /// A short text whose owner is not known.
    case shortID = "short-id"

    /// What it is, as the middle of a sentence.
    package var name: String {
        switch self {
        case .mega: "a link to a file at MEGA"
        case .gist: "a link to a gist at GitHub"
        case .paste: "a link to a text at a paste service"
        case .webAddress: "an address on the web"
        case .authorServer: "a key into the server of a bot's author"
        case .shortID: "a short key into somebody's storage"
        }
    }

    /// Why it cannot be read and what to do.
    package var explanation: String {
        let danger =
            switch self {
            case .mega: "Whoever has the link has the account, and so has whoever uploaded the file."
            case .gist: "The owner of the gist can read the account, and gists are listed and searched."
            case .paste:
                "Whoever knows or guesses the address of a paste has the account, and pastes are searched for that."
            case .webAddress: "Whoever runs that site can read the account."
            case .authorServer: "The author of that bot keeps the account and can use it."
            case .shortID: "Whoever keeps the storage behind it can read the account."
            }
        return """
            This is \(name), not a session ID that holds its credentials, so there is nothing in it to read. \(danger) \
            Generate a new session ID that is complete in itself, and remove the old linked device on the phone.
            """
    }
}
