import Accounts
import Bots
import Fleet
import Mail
import NIOCore
import Settings
import SignalProtocol
import Web
import WhatsApp

// Settings in the words of those who use them. The values have been checked; one that a part still refuses is left out.

extension WebConfiguration {
    init(_ settings: Settings, formKey: [UInt8]) {
        self.init()
        self.formKey = formKey
        callsPerMinute = settings.accounts.callsPerMinute
        writesPerMinute = settings.accounts.writesPerMinute
        let server = settings.server
        host = server.host
        port = server.port
        publicURL = server.publicURL.flatMap { WebOrigin($0) }
        let header: ProxyTrust.Header =
            switch server.proxyHeader {
            case .xForwardedFor: .xForwardedFor
            case .forwarded: .forwarded
            }
        proxies = ProxyTrust(ranges: server.trustedProxies.compactMap { AddressRange($0) }, header: header)
        corsOrigins = Set(server.corsOrigins.compactMap { WebOrigin($0) })
        metricsReaders = server.metricsReaders.compactMap { AddressRange($0) }
        isSandbox = settings.sandbox.isOn
        version = Wharf.version
        connections.idle = TimeAmount(settings.timeouts.idle)
        connections.body = TimeAmount(settings.timeouts.requestBody)
    }
}

extension AccountsConfiguration {
    init(_ settings: Settings) {
        self.init()
        self.settings.isRegistrationOpen = settings.accounts.registration == .open
        self.settings.needsVerifiedEmail = settings.accounts.verifiesEmail
        self.settings.callsPerMinute = settings.accounts.callsPerMinute
        self.settings.writesPerMinute = settings.accounts.writesPerMinute
        self.settings.botCheckSeconds = Int(settings.bots.check.components.seconds)
        fixedSettings = Set(
            PanelSettings.Key.allCases.filter { $0.variable.map(settings.given.contains) ?? false }
        )
        address = settings.server.publicURL ?? "http://127.0.0.1:\(settings.server.port)"
        logins.count = settings.accounts.loginsPerMinute
        resets.count = settings.accounts.loginsPerMinute
        let gitHub = settings.accounts.gitHub.map {
            Provider.gitHub(clientID: $0.clientID, clientSecret: $0.clientSecret.reveal())
        }
        let google = settings.accounts.google.map {
            Provider.google(clientID: $0.clientID, clientSecret: $0.clientSecret.reveal())
        }
        var openID: Provider?
        if let issuer = settings.accounts.openIDIssuer, let client = settings.accounts.openID {
            openID = Provider(
                id: "oidc",
                name: settings.accounts.openIDName,
                kind: .openID(OpenIDIssuer(issuer)),
                clientID: client.clientID,
                clientSecret: client.clientSecret.reveal()
            )
        }
        providers = [gitHub, google, openID].compactMap { $0 }
    }
}

extension MailSettings {
    /// The mail server, or the folder where there is none.
    func transport(else folder: MailFolder) throws(Failure) -> any MailTransport {
        guard let server else { return folder }
        guard let transport = SMTPServer(url: server.reveal(), sender: sender) else {
            throw Failure("WHARF_SMTP_URL: must be an address such as smtp://mail.example.org", status: .configuration)
        }
        return transport
    }
}

extension HostingConfiguration {
    init(_ settings: HostingSettings) {
        self.init()
        check = settings.check
    }
}

extension PasswordHasher {
    convenience init(_ settings: AccountSettings) throws {
        try self.init(
            parameters: Argon2Parameters(
                memory: settings.passwordMemory,
                passes: settings.passwordPasses,
                lanes: settings.passwordLanes
            ),
            threads: settings.passwordThreads,
            queueLimit: settings.passwordQueue
        )
    }
}

extension GeneratorConfiguration {
    init(_ settings: GeneratorSettings) {
        self.init()
        lifetime = settings.lifetime
        browserGrace = settings.browserGrace
        timeToCopy = settings.timeToCopy
        attemptsPerHour = settings.attemptsPerHour
        attemptsAtOnce = settings.attemptsAtOnce
        attemptsInAll = settings.attemptsInAll
        validationsPerHour = settings.validationsPerHour
        loginChecksPerHour = settings.loginChecksPerHour
        loginChecksAtOnce = settings.loginChecksAtOnce
    }
}

extension ClientProfile {
    init(_ settings: ClientSettings, versions: ClientVersionSource) {
        let browser: Browser =
            switch settings.browser {
            case .chrome: .chrome
            case .edge: .edge
            case .firefox: .firefox
            case .opera: .opera
            case .safari: .safari
            }
        let operatingSystem: OperatingSystem =
            switch settings.operatingSystem {
            case .windows: .windows
            case .mac: .mac
            case .linux: .linux
            }
        self.init(
            versions: versions,
            browser: browser,
            operatingSystem: operatingSystem,
            deviceName: settings.deviceName
        )
    }
}

extension SessionLimits {
    init(_ settings: SessionSettings) {
        self.init()
        resendAge = settings.messageResendAge / .seconds(1)
    }
}

extension SendDoor.Configuration {
    init(_ settings: HostingSettings) {
        self.init()
        dailyCap = settings.sendCap
    }
}

extension SchedulerConfiguration {
    init(_ settings: SessionSettings) {
        self.init()
        startsPerSecond = settings.startsPerSecond
        linkingTime = settings.scanTime
        stopIdleAfter = settings.stopIdleAfter
        messageRetention = settings.messageRetention
    }
}

extension MasterKeyring {
    /// The configured key, or the one in the data folder, and those that it replaces.
    init(_ settings: SessionSettings, dataFolder: String) throws {
        var former = try (settings.formerMasterKeys?.reveal() ?? []).map {
            try Self.key($0, of: "WHARF_FORMER_MASTER_KEYS")
        }
        guard let digits = settings.masterKey?.reveal() else {
            self.init(try MasterKey.loadOrCreate(inFolder: dataFolder), former: former)
            return
        }
        if let file = try MasterKey.load(fromFolder: dataFolder) { former.append(file) }
        self.init(try Self.key(digits, of: "WHARF_MASTER_KEY"), former: former)
    }

    private static func key(_ text: String, of setting: String) throws -> MasterKey {
        let digits = Array(text)
        let bytes = stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
            UInt8(String(digits[index...index + 1]), radix: 16)
        }
        guard let key = MasterKey(SecretBytes(bytes)) else {
            throw Failure("\(setting): must be 64 hexadecimal digits", status: .configuration)
        }
        return key
    }
}

extension AccountKeys {
    /// The accounts' secret of the master key, and those of the keys that it replaces.
    init(_ keys: MasterKeyring) {
        let former = keys.former.map { key in key.derived(for: "accounts").withBytes { Array($0) } }
        self = keys.current.derived(for: "accounts").withBytes { AccountKeys(secret: $0, former: former) }
    }
}
