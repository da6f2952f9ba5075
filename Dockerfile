FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
# Packages are restored in a layer of their own, which changes only with the project files.
COPY src/Directory.Build.props src/Directory.Packages.props src/
COPY src/RnnService.Engine/RnnService.Engine.csproj src/RnnService.Engine/
COPY src/RnnService.Models/RnnService.Models.csproj src/RnnService.Models/
COPY src/RnnService.Serving/RnnService.Serving.csproj src/RnnService.Serving/
COPY src/RnnService.Api/RnnService.Api.csproj src/RnnService.Api/
RUN dotnet restore src/RnnService.Api --use-current-runtime -p:PublishReadyToRun=true
COPY .editorconfig ./
COPY src src
# Compiled to machine code ahead of time: a start costs less.
RUN dotnet publish src/RnnService.Api --no-restore -c Release --use-current-runtime --self-contained false \
    -p:PublishReadyToRun=true -p:DebugType=none -p:PublishDocumentationFiles=false -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app ./
COPY deploy/models deploy/models
RUN mkdir /data && chown $APP_UID /data
ENV ASPNETCORE_HTTP_PORTS=8080 Storage__Data=/data
VOLUME /data
EXPOSE 8080
USER $APP_UID
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 CMD ["dotnet", "RnnService.Api.dll", "--healthcheck"]
ENTRYPOINT ["dotnet", "RnnService.Api.dll"]
