extension SessionIDError {
    /// Stable, dotted, for programs.
    package var code: String {
        switch self {
        case .empty: "session_id.empty"
        case .tooLong: "session_id.too_long"
        case .pointer: "session_id.pointer"
        case .unrecognised: "session_id.unrecognised"
        case .invalidBase64: "session_id.invalid_base64"
        case .damagedCompression: "session_id.damaged"
        case .unpackedTooLarge: "session_id.too_large"
        case .folderWithoutCredentials: "session_id.folder_without_credentials"
        case .credentials(.notLinked): "session_id.not_linked"
        case .credentials(.notJSON), .credentials(.notAnObject): "session_id.not_credentials"
        case .credentials(.tooLarge), .credentials(.tooDeep): "session_id.too_large"
        case .credentials: "session_id.invalid_credentials"
        }
    }

    /// What is wrong and what the person can do next.
    package var message: String {
        switch self {
        case .empty: "There is nothing to read. Paste the whole session ID."
        case .tooLong(let limit):
            "This is longer than \(limit) characters, and no session ID is. Paste the session ID alone."
        case .pointer(let pointer): pointer.explanation
        case .unrecognised:
            "This is not a session ID of any known form. Paste all of it, from its first character to its last."
        case .invalidBase64:
            "Part of this session ID is missing or was changed. Copy it again, whole; chats and editors like to cut it."
        case .damagedCompression:
            "The packed part of this session ID is damaged or cut off. Copy it again, whole."
        case .unpackedTooLarge: "Unpacked, this would be larger than any session is. It is not a session ID."
        case .folderWithoutCredentials: "This is a session folder, but creds.json is not in it. Export it again."
        case .credentials(let error): error.message
        }
    }
}

extension CredentialsImportError {
    /// What is wrong and what the person can do next.
    package var message: String {
        switch self {
        case .tooLarge(let limit): "The credentials are larger than \(limit) bytes, and no real ones are."
        case .tooDeep: "The credentials are nested deeper than any real ones are."
        case .notJSON: "What it holds is not the JSON of credentials. Copy it again, whole."
        case .notAnObject: "What it holds is JSON, but not the object that credentials are."
        case .duplicateField(let name):
            "The field \(name) is there twice, so programs would disagree about it. Export it again."
        case .missingField(let name): "The field \(name) is missing. Link the phone again to get a complete session ID."
        case .wrongType(let name, let type): "The field \(name) is not of the type \(type.rawValue). Export it again."
        case .invalidValue(let name): "The field \(name) has a value that it cannot have. Export it again."
        case .invalidBase64(let name): "The field \(name) is not base64. Copy the session ID again, whole."
        case .wrongLength(let name, let expected, let actual):
            "The field \(name) has \(actual) bytes where \(expected) are wanted. Export it again."
        case .mismatchedKeyPair(let name):
            "The two halves of \(name) do not belong together, so this cannot log in. Link the phone again."
        case .invalidSignature(let name):
            "The signature \(name) does not verify: parts of different devices are mixed. Link the phone again."
        case .notLinked:
            "It was written before the phone had accepted the link, so it cannot log in. Link the phone and wait to the end."
        }
    }
}
