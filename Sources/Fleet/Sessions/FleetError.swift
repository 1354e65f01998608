/// Why something cannot be done with a session.
package enum FleetError: Error, Equatable {
    case unknownSession
    /// There is a session of that name.
    case nameTaken(String)
    /// Names have 1 to 64 characters: letters, digits, and `-_.@+` between them.
    case invalidName
    /// The session's key was wrapped with another master key than the one that this process has.
    case otherMasterKey
    /// The session's key or credentials are there but cannot be opened: the rows were changed or damaged.
    case unreadableSecrets
    /// Another process holds the session.
    case heldElsewhere
    /// The session is not running, or not yet logged in.
    case notWorking
    /// The session runs; stop it first.
    case running
    /// No phone has linked it.
    case notLinked
    /// The process is stopping.
    case stopping
}
