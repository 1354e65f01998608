import NIOHTTP1

/// An address of the control API, below `/sandbox`.
enum ControlEndpoint {
    case server
    case certificate
    case phones
    case phone(String)
    case scan(String)
    case link(String)
    case devices(String)
    case device(String, String)
    case messages(String)
    case passkeyAssertion(String)
    case calls(String)
    case call(String, String)
    case limits(String)
    case profile(String)
    case groupPicture(String)
    case groupPrivacy(String)
    case groups
    case group(String)
    case groupMembers(String)
    case groupSettings(String)
    case faults
    case fault(String)
    case log
    case appState(String)
    case history(String)

    /// Nil when nothing is there.
    init?(_ path: [String]) {
        let part = { (index: Int) in path.indices.contains(index) ? path[index] : "" }
        switch (path.count, part(0), part(2)) {
        case (0, _, _): self = .server
        case (1, "certificate", _): self = .certificate
        case (1, "phones", _): self = .phones
        case (2, "phones", _): self = .phone(part(1))
        case (3, "phones", "scan"): self = .scan(part(1))
        case (3, "phones", "link"): self = .link(part(1))
        case (3, "phones", "devices"): self = .devices(part(1))
        case (4, "phones", "devices"): self = .device(part(1), part(3))
        case (3, "phones", "messages"): self = .messages(part(1))
        case (3, "phones", "passkey-assertion"): self = .passkeyAssertion(part(1))
        case (3, "phones", "group-privacy"): self = .groupPrivacy(part(1))
        case (1, "groups", _): self = .groups
        case (2, "groups", _): self = .group(part(1))
        case (3, "groups", "members"): self = .groupMembers(part(1))
        case (3, "groups", "settings"): self = .groupSettings(part(1))
        case (3, "phones", "calls"): self = .calls(part(1))
        case (4, "phones", "calls"): self = .call(part(1), part(3))
        case (3, "phones", "limits"): self = .limits(part(1))
        case (3, "phones", "profile"): self = .profile(part(1))
        case (3, "groups", "picture"): self = .groupPicture(part(1))
        case (1, "faults", _): self = .faults
        case (2, "faults", _): self = .fault(part(1))
        case (1, "log", _): self = .log
        case (3, "phones", "app-state"): self = .appState(part(1))
        case (3, "phones", "history"): self = .history(part(1))
        default: return nil
        }
    }

    var methods: [HTTPMethod] {
        switch self {
        case .server, .certificate, .log: [.GET]
        case .phones, .messages: [.GET, .POST]
        case .phone, .devices: [.DELETE, .GET]
        case .scan, .link, .passkeyAssertion, .calls, .limits, .groupMembers, .groupSettings, .groupPrivacy: [.POST]
        case .call: [.DELETE, .GET]
        case .profile: [.GET, .POST]
        case .groupPicture: [.POST]
        case .groups: [.GET, .POST]
        case .group: [.DELETE, .GET]
        case .device, .fault: [.DELETE]
        case .faults: [.DELETE, .GET, .POST]
        case .appState: [.GET, .POST]
        case .history: [.POST]
        }
    }
}
