/// Where the sandbox listens and how it behaves.
package struct SandboxConfiguration: Sendable {
    package var host: String
    /// 0 for any free port.
    package var port: Int
    /// A second port, such as 443 for clients that are redirected here; nil for none, 0 for any free one.
    package var tlsPort: Int?
    /// Names beside the usual ones that the certificate for TLS is made out to.
    package var tlsNames: [String]
    /// The file that keeps phones and devices across restarts; nil for none.
    package var snapshotPath: String?
    /// Files below it may be sent by path; nil for all that can be read when only this machine reaches the sandbox.
    package var filesFolder: String?
    /// The host that clients are told for media, perhaps with a port; the one that they connect to when nil.
    package var mediaHost: String?
    /// How many companions a phone may have linked when its creation says nothing.
    package var deviceLimit: Int
    /// Whether phones refuse QR codes of four fields, as present ones do.
    package var strictQR: Bool
    /// How long a connection may show its references.
    package var referenceLifetime: Duration
    package var codeLifetime: Duration
    /// How long a phone waits for the companion to answer a scan.
    package var linkTimeout: Duration
    package var timeouts: SandboxTimeouts

    package init(
        host: String = "127.0.0.1",
        port: Int = 7_080,
        tlsPort: Int? = nil,
        tlsNames: [String] = [],
        snapshotPath: String? = nil,
        filesFolder: String? = nil,
        mediaHost: String? = nil,
        deviceLimit: Int = 4,
        strictQR: Bool = false,
        referenceLifetime: Duration = .seconds(160),
        codeLifetime: Duration = .seconds(180),
        linkTimeout: Duration = .seconds(30),
        timeouts: SandboxTimeouts = SandboxTimeouts()
    ) {
        self.host = host
        self.port = port
        self.tlsPort = tlsPort
        self.tlsNames = tlsNames
        self.snapshotPath = snapshotPath
        self.filesFolder = filesFolder
        self.mediaHost = mediaHost
        self.deviceLimit = deviceLimit
        self.strictQR = strictQR
        self.referenceLifetime = referenceLifetime
        self.codeLifetime = codeLifetime
        self.linkTimeout = linkTimeout
        self.timeouts = timeouts
    }

    var settings: ServerSettings {
        var settings = ServerSettings(mediaHost: mediaHost ?? "")
        settings.isMediaHostGiven = mediaHost != nil
        settings.deviceLimit = deviceLimit
        settings.strictQR = strictQR
        settings.referenceLifetime = referenceLifetime
        settings.codeLifetime = codeLifetime
        settings.linkTimeout = linkTimeout
        return settings
    }
}
