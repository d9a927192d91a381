@echo off
for %%f in ("%~dp0plugins\org.eclipse.equinox.launcher_*.jar") do set JAR=%%f
javaw -Xmx512m --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -jar "%JAR%" -nosplash %*
