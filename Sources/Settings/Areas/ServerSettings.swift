/// Where Wharf listens, who may speak for others, and where its files are.
package struct ServerSettings: Sendable {
    /// The header in which trusted proxies name the client.
    package enum ProxyHeader: String, Sendable, CaseIterable {
        case xForwardedFor = "x-forwarded-for"
        case forwarded
    }

    package var host: String
    package var port: Int
    /// Scheme, host and port under which browsers find Wharf; nil for whatever they asked for.
    package var publicURL: String?
    package var trustedProxies: [String]
    package var proxyHeader: ProxyHeader
    package var corsOrigins: [String]
    package var metricsReaders: [String]
    package var dataFolder: String?
    package var shareFolder: String?

    init(reading reader: inout SettingsReader) {
        reader.begin("Server")
        host = reader.value(
            "WHARF_HOST",
            .host,
            standard: "127.0.0.1",
            help: "Address to listen on; 0.0.0.0 or :: for all."
        )
        port = reader.value(
            "WHARF_PORT",
            .wholeNumber(0...65_535),
            standard: 8_080,
            help: "Port to listen on; 0 for any free one."
        )
        publicURL = reader.optional(
            "WHARF_PUBLIC_URL",
            .webAddress,
            help: "Address under which browsers reach Wharf, where a proxy stands before it."
        )
        trustedProxies = reader.value(
            "WHARF_TRUSTED_PROXIES",
            .list(of: .addressRange),
            standard: [],
            help: "Proxies that are believed when they say who a client is. Others' headers are ignored."
        )
        proxyHeader = reader.value(
            "WHARF_PROXY_HEADER",
            .choice,
            standard: .xForwardedFor,
            help: "The one header in which those proxies name the client."
        )
        corsOrigins = reader.value(
            "WHARF_CORS_ORIGINS",
            .list(of: .origin),
            standard: [],
            help: "Origins of other sites whose pages may use the API."
        )
        metricsReaders = reader.value(
            "WHARF_METRICS_READERS",
            .list(of: .addressRange),
            standard: [],
            help: "Who may read /metrics besides this machine."
        )
        dataFolder = reader.optional(
            "WHARF_DATA",
            .path,
            help:
                "Folder for everything that Wharf keeps; without it /var/lib/wharf for root and $XDG_STATE_HOME/wharf "
                + "or ~/.local/state/wharf for others."
        )
        shareFolder = reader.optional(
            "WHARF_SHARE",
            .path,
            help:
                "Folder with templates, web, migrations and docs; without it ../share/wharf beside the program, else the "
                + "working folder."
        )
    }
}
