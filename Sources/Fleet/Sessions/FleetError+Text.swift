extension FleetError {
    /// One sentence for the person who asked.
    package var words: String {
        switch self {
        case .unknownSession: "There is no session of this name."
        case .nameTaken(let name): "There is a session named \(name) already."
        case .invalidName: "A name has 1 to 64 letters, digits and the characters - _ . @ +."
        case .otherMasterKey:
            "The session was made with a master key that this server does not have; name it in WHARF_FORMER_MASTER_KEYS."
        case .unreadableSecrets: "The session's secrets in the database are damaged; restore them from a backup."
        case .heldElsewhere: "Another server runs the session."
        case .notWorking: "The session is not logged in."
        case .running: "The session runs; stop it first."
        case .notLinked: "No phone has linked the session yet."
        case .stopping: "The server is stopping."
        }
    }
}
