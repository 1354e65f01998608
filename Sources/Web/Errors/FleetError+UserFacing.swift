package import Fleet
package import HTTPTypes

extension FleetError: UserFacingError {
    package var code: String {
        switch self {
        case .unknownSession: "session.unknown"
        case .nameTaken: "session.name_taken"
        case .invalidName: "session.invalid_name"
        case .otherMasterKey: "session.other_master_key"
        case .unreadableSecrets: "session.unreadable_secrets"
        case .heldElsewhere: "session.held_elsewhere"
        case .notWorking: "session.not_working"
        case .running: "session.running"
        case .notLinked: "session.not_linked"
        case .stopping: "server.stopping"
        }
    }

    package var message: String { words }

    package var status: HTTPResponse.Status {
        switch self {
        case .unknownSession: .notFound
        case .nameTaken, .heldElsewhere, .notWorking, .running, .notLinked: .conflict
        case .invalidName: .unprocessableContent
        case .otherMasterKey, .unreadableSecrets: .internalServerError
        case .stopping: .serviceUnavailable
        }
    }
}
