package import Logging

/// How the web server is reached and what it trusts.
package struct WebConfiguration: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 8080
    /// Where people reach the server; nil trusts the `Host` that a browser names.
    package var publicURL: WebOrigin?
    /// Proxies whose word on the client's address and on request ids is taken.
    package var proxies = ProxyTrust(ranges: [])
    /// Other sites whose pages may call the API.
    package var corsOrigins: Set<WebOrigin> = []
    /// Who may read `/metrics` besides this machine.
    package var metricsReaders: [AddressRange] = []
    /// Shows that phones are simulated, and opens the calls that use them.
    package var isSandbox = false
    /// What the page's foot says.
    package var version = ""
    /// Signs the forms' tokens; nil makes a key at each start, so that pages opened before need a reload.
    package var formKey: [UInt8]?
    /// Calls of the API within a minute, by address.
    package var callsPerMinute = 100
    /// Calls of the API that change something, within a minute, by account.
    package var writesPerMinute = 20
    package var accessLogLevel: Logger.Level = .info
    package var connections = ConnectionLimits()
    package var sockets = WebSocketLimits()

    package init() {}
}
