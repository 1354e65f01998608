import Settings
import Web
import WhatsAppSandbox

/// The sandbox's phones, moved by the buttons of the web page.
struct SandboxPhones: SimulatedPhones {
    let sandbox: SandboxServer

    func provide(phone number: String) async throws {
        try await refusable {
            do {
                try await sandbox.createPhone(NewPhone(number: number))
            } catch SandboxError.phoneExists {
                // As it should be.
            }
        }
    }

    /// Scans with the first phone that can still link a device, or with a new one.
    func scan(qr: String) async throws {
        let phones = try await sandbox.phones()
        let free = phones.first { !$0.passkey && $0.linking == nil && $0.devices.count < $0.deviceLimit }
        let number = free?.number ?? freshNumber(besides: phones.map(\.number))
        try await refusable {
            if free == nil { try await sandbox.createPhone(NewPhone(number: number, name: "Ada")) }
            try await sandbox.scan(qr, with: number)
        }
    }

    func enter(code: String, phone number: String) async throws {
        try await refusable { try await sandbox.enterCode(code, at: number) }
    }

    /// The first of the numbers that no country uses.
    private func freshNumber(besides taken: [String]) -> String {
        var last = 1_111
        while taken.contains("1555000\(last)") { last += 1 }
        return "1555000\(last)"
    }

    private func refusable(_ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch let error as SandboxError {
            throw SimulatedPhoneError.refused(words(for: error))
        }
    }

    private func words(for error: SandboxError) -> String {
        switch error {
        case .unknownPhone: "The sandbox has no phone with this number."
        case .phoneExists: "There is a phone with this number already."
        case .unknownReference, .outdatedQR, .keyMismatch: "This QR code is no longer valid. Scan the one shown now."
        case .alreadyLinking: "A phone is linking this device already."
        case .deviceLimitReached(let limit): "The phone has \(limit) linked devices and takes no more."
        case .noCodeOffered: "No code waits for this number any more. Ask for a new one."
        case .wrongCode: "This is not the code that was shown."
        case .companionGone, .timedOut: "The device did not answer the phone in time. Try again."
        case .companionRefused(_, let text): "The device refused the link: \(text)"
        case .invalid(let field, let reason): "The \(field) cannot be used: \(reason)"
        case .unknownDevice, .unknownRecipient, .unknownMessage, .unknownFault, .unknownGroup, .groupRefused,
            .noPasskey, .unusableSnapshot, .unusableTLSPort, .notRunning:
            "The sandbox cannot do that now."
        }
    }
}

extension SandboxConfiguration {
    init(_ settings: SandboxSettings) {
        self.init(
            host: settings.host,
            port: settings.port,
            tlsPort: settings.tlsPort,
            tlsNames: settings.tlsNames,
            snapshotPath: settings.snapshot,
            filesFolder: settings.files
        )
    }
}
