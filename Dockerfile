# syntax=docker/dockerfile:1
# docker build .                       the gateway
# docker build --target simulator .    what stands in for WEBSMS; never in the gateway's image

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS restore
WORKDIR /source
ENV DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Only what decides about packages: this layer lasts until a version changes.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY src/WebSmsGateway/WebSmsGateway.csproj src/WebSmsGateway/
COPY src/WebSmsGateway.Simulator/WebSmsGateway.Simulator.csproj src/WebSmsGateway.Simulator/
ARG TARGETARCH=amd64
RUN dotnet restore src/WebSmsGateway -a $TARGETARCH -p:PublishReadyToRun=true && dotnet restore src/WebSmsGateway.Simulator
COPY .editorconfig ./
COPY eng/ eng/

# Compiled ahead for the image's processor: it starts in half the time.
FROM restore AS publish-gateway
ARG TARGETARCH=amd64
COPY src/WebSmsGateway/ src/WebSmsGateway/
RUN dotnet publish src/WebSmsGateway -c Release -a $TARGETARCH --no-self-contained --no-restore -o /app

FROM restore AS publish-simulator
COPY src/WebSmsGateway.Simulator/ src/WebSmsGateway.Simulator/
RUN dotnet publish src/WebSmsGateway.Simulator -c Release --no-restore -o /app

# Chiseled: no shell, no package manager, not root. Extra: with the time zone data that days and offsets come from.
# There is no curl either: the gateway's own command asks /health/ready.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra AS runtime
WORKDIR /app
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
USER $APP_UID

FROM runtime AS simulator
COPY --from=publish-simulator /app ./
ENTRYPOINT ["dotnet", "WebSmsGateway.Simulator.dll"]

FROM runtime AS gateway
COPY --from=publish-gateway /app ./
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["dotnet", "WebSmsGateway.dll", "health"]
ENTRYPOINT ["dotnet", "WebSmsGateway.dll"]
